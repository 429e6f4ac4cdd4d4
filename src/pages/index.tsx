import Link from '@docusaurus/Link';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Heading from '@theme/Heading';
import Layout from '@theme/Layout';
import MDXContent from '@theme/MDXContent';
import QuickStart from './_quick-start.mdx';
import styles from './index.module.css';

const POINTS = [
  {
    title: '모든 예시가 실행된다',
    text: 'kubectl 명령, HTTP 요청, 매니페스트, TypeScript 프로그램을 페이지에서 고치고 실행한다. 서버도 계정도 없이 브라우저 안에서만 돈다.',
  },
  {
    title: '요청이 지나간 길이 보인다',
    text: '인증 → APF → 인가 → 변형 어드미션 → 유효성 검사 → 검증 어드미션 → etcd. 어느 규칙이 허용했고 어디에서 막혔는지 그대로 보여 준다.',
  },
  {
    title: 'etcd까지 내려가 본다',
    text: '어떤 키가 어느 리비전에서 바뀌었는지, 스케줄러와 kubelet이 그다음에 무엇을 했는지 확인한다.',
  },
] as const;

export default function Home() {
  const { siteConfig } = useDocusaurusContext();
  return (
    <Layout
      title="쿠버네티스 API 서버를 직접 움직여 보는 CKA 노트"
      description="읽으면서 실행하는 쿠버네티스 학습 노트입니다. kubectl, HTTP, TypeScript 예시가 모두 브라우저 안의 클러스터에서 돌고, 요청이 인증에서 etcd까지 가는 길을 보여 줍니다."
    >
      <main className={styles.home}>
        <header>
          <Heading as="h1">{siteConfig.tagline}</Heading>
          <p className={styles.lead}>
            kube-apiserver, etcd, 스케줄러, 컨트롤러, kubelet이 이 페이지 안에서 돈다. 아래 블록의 ▶ 실행을
            누르면 파드(Pod)가 하나 만들어진다.
          </p>
        </header>
        <MDXContent>
          <QuickStart />
        </MDXContent>
        <p className={styles.links}>
          <Link className="button button--primary" to="/docs/cka/core-concepts/kube-apiserver/">
            Kube-API Server 노트 읽기
          </Link>
          <Link className="button button--secondary" to="/docs/cka/labs/">
            장애 실습 풀어 보기
          </Link>
          <Link className="button button--secondary" to="/docs/">
            노트 읽는 법
          </Link>
        </p>
        <ul className={styles.points}>
          {POINTS.map(({ title, text }) => (
            <li key={title}>
              <Heading as="h2">{title}</Heading>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </main>
    </Layout>
  );
}
