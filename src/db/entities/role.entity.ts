import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('roles')
export class RoleEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'roles_pkey' })
  name!: string;

  @Column({ type: 'boolean', name: 'is_default' })
  isDefault!: boolean;
}
